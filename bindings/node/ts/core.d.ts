import type { Face } from './face.js';

export declare function face(): Face | undefined;
export declare function kind(): 'native' | 'wasm';
export declare function init(source?: unknown): Promise<void>;
export declare function initSync(source: unknown): void;
export declare function randomBytes(count: number): Uint8Array;
