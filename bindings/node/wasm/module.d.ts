/** The WebAssembly module, for platforms whose bundler imports one: hand it to `init`. */
declare const module: object;
export default module;
