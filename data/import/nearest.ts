export { nearest } from '../../src/canon/nearest.ts'
