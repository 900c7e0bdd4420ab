// All panes, in the order of their tabs.
import * as plane from './plane.js'
import * as draw from './draw.js'
import * as denoise from './denoise.js'
import * as graph from './graph.js'
import * as latent from './latent.js'
import * as lessons from './lessons.js'

export const panes = [plane, draw, denoise, graph, latent, lessons]
