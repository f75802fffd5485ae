export { createLane, type Lane, type LaneOptions } from '../lane.ts'
