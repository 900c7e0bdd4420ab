// All panes, in the order of their tabs.
import * as plane from './plane.js'

export const panes = [plane]
