export { face, init, initSync, kind, randomBytes } from './core.cjs';
