// Package nets contains the networks of the page's panes about digits. The page shows the text of these files, so that a reader
// copies the network that runs. Command pretrain trains them.
package nets
