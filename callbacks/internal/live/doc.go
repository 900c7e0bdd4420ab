// Package live shows runs of training on a page in a browser: a Server keeps what the page shows of each Run, in bounded memory,
// and streams it to the browsers that are open.
//
// What a browser gets is a series of messages, each a JSON object: first all that the server keeps, then each new one. Run
// (header), step, epoch, layers, norms, images, drawing, control and end are the values of their key "t". Numbers that are not
// finite are the strings "NaN", "Infinity" and "-Infinity", as in callbacks.JSONL. A browser that falls behind gets everything
// anew, so nothing waits for a slow one.
package live
