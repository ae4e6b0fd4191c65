// Package faults is the table of faults: what happens to a call, and what its caller gets. Each row is a test of the client;
// `make faults` prints the table.
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
// table shows nothing that was not seen. For a fault of something else than a call, add a function to operation_test.go that
// does it and returns its Outcome.
//
// An assertion for each thing that the caller must get remains the test's work. Serve is a server on loopback, down to the bytes,
// for what net/http's server does not do: half a header, a reset, a body without an end. Package wiretest has one in memory.
package faults
