export { monthStart, type Quarter, quarterBefore, quarterNamed, quarterOf } from './period.ts'
