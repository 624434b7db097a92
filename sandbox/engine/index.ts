export { CallWindow, type WindowState } from './callWindow';
export { SandboxClock } from './clock';
export { changeSettings, type Operations } from './control';
export { Faults, type Fault, type FaultKind } from './faults';
export { RequestLog, routeOf, type RequestEntry } from './requestLog';
export type { ServerContext } from './context';
export { startServer, type BodyProblem, type RunningServer, type ServerOptions } from './server';
