// All panes, in the order of their tabs.
import * as plane from './plane.js'
import * as graph from './graph.js'

export const panes = [plane, graph]
