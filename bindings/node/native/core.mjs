export { face, host, init, initSync, kind, randomBytes } from './core.cjs';
