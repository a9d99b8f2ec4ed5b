export { face, init, kind, randomBytes } from './core.cjs';
