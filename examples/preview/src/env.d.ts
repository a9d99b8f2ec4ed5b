declare module 'nnopen/nnopen.wasm?inline' {
  const dataUrl: string;
  export default dataUrl;
}
