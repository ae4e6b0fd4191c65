// Package contract compares what a running program sends and receives with the specification that this module is
// generated from, and reports where they depart to a callback. It is for staging, and for tests: Plaid's responses move ahead
// of Plaid's file, and a request that Plaid still accepts may differ from the file.
//
//	checked, err := contract.New(nil, func(ctx context.Context, d contract.Departure) {
//		slog.WarnContext(ctx, "contract", "severity", d.Kind.Severity(), "departure", d.String())
//	})
//	…
//	client, err := plaidlink.New(plaidlink.Sandbox, creds, plaidlink.WithHTTPClient(&http.Client{Transport: checked}))
//
// # What it finds
//
// A [Departure] is of one of ten kinds, and these of three severities. Plaid adds properties and enum values without a new
// version, so these are [Growth]: the client keeps what it does not know, and the specification can follow. A [Breach] is
// what the specification does not allow. [NotChecked] is what could not be compared. A departure has the place, as a JSON
// pointer, and what the specification expects; it never has a value, so that no secret, token or body gets into a log.
//
// It knows the operations of [gen.Operations]. Any other request, such as one of Client.Post, passes through, and is reported
// as one [UnknownOperation] that names those that are known.
//
// # What it leaves alone
//
// The caller gets the same bytes and the same errors, when they come: nothing is read ahead, a body that is cut stays
// cut, cancellation passes through. A body is copied as the caller reads it, up to [MaxBody], and compared when the caller
// has reached its end; a longer one passes, and that is reported. Gzip that the caller asked for is unpacked in the copy.
//
// The callback runs on the goroutine of the call, before the caller sees the end of the body: a slow one makes the call
// slower, and should hand its work on. Several calls run it at the same time. Its panics are recovered and dropped.
//
// # When not to use it
//
// It decodes and compares every body once more, which takes a multiple of the client's own decoding time; the benchmarks
// have the figures. It links kin-openapi, which the client does not. Leave it out where that matters.
package contract
