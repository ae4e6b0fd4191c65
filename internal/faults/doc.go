// Package faults is the table of faults: what happens to a call, and what its caller gets. Each row is a test of the client, or
// tests of another package; `make faults` runs them and prints the table.
//
// # Adding a row
//
// Write one test in package faults_test and raise Rows. The name of the test has the row's number and what the caller gets:
//
//	func TestFault36SilentConnectionIsReplaced(t *testing.T) {
//		row := faults.Begin(t, "an HTTP/2 connection falls silent")
//		…
//		got := faults.Get.Call(t.Context(), client)
//		require.NoError(t, got.Err())
//		row.Got("a relay that stops passing bytes", got)
//	}
//
// What the row reports is an Outcome, and only what happened makes one: Operation.Call calls the client, New and NewFromEnv make
// one, Allocating measures memory. They are in this package, so that a test in faults_test cannot make up an Outcome, and the
// table shows nothing that was not seen.
//
// A fault of something else than a call is tested in the package of that: list it in elsewhere_test.go. Its tests report with
// t.Attr, which needs no package, and `make faults` runs them. What they report is a case and values, each alone or with a name
// before it, and no literal, so that here too nothing is shown that was not seen:
//
//	t.Attr("got", fmt.Sprintf("a clock %s behind: status=%d %v", behind, response.Code, err))
//
// An assertion for each thing that the caller must get remains the test's work. Serve is a server on loopback, down to the bytes,
// for what net/http's server does not do: half a header, a reset, a body without an end. Package wiretest has one in memory.
package faults
