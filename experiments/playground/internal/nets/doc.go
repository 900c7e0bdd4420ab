// Package nets contains the networks of the panes Draw, Denoise and Latent. The page shows the text of these files: it is the code
// of the networks that run there. Command pretrain trains them.
package nets
