declare const model: unknown;
export default model;
