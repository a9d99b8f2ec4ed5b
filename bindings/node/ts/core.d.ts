import type { Face } from './face.js';

export declare function face(): Face | undefined;
export declare function kind(): 'native' | 'wasm';
export declare function init(source?: unknown): Promise<void>;
export declare function initSync(source: unknown): void;
/** The system that this runs on and its environment variables, if it has any. */
export declare function host(): { system: string; variables: Record<string, string | undefined> } | undefined;
export declare function randomBytes(count: number): Uint8Array;
