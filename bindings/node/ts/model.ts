// The platform as data, for pages and tools that show methods, fields and codes to people. Loaded only when asked for.

/** 中文与英文 · In Chinese and in English. */
export interface Words {
  readonly zh: string;
  readonly en: string;
}

/** 一个字段 · A member of params, results or shapes. */
export interface ModelField extends Words {
  readonly name: string;
  /** `text`、`code<集合>`、`decimal`、`integer`、`date`、`time`、`json`、`list<…>`，或 `shapes` 中的名字 · or a name in `shapes` */
  readonly type: string;
  /** 必填、可省、视情况 · Needed, not needed, needed on a condition. */
  readonly need?: 'yes' | 'no' | 'if';
  /** 在什么条件下必填 · The condition: a sibling's values; `''` is absent, `'*'` anything. */
  readonly when?: { readonly field: string; readonly is: readonly string[] };
  /** 控制台已设可省 · A setting in the vendor's console can stand in. */
  readonly console?: boolean;
  /** 最多字符数或项数 · The most characters or items. */
  readonly max?: number;
  /** 较窄的说法：超过只提醒 · A narrower limit: beyond it is a warning. */
  readonly warn?: number;
  /** 最多小数位 · The most decimal places. */
  readonly scale?: number;
  readonly default?: string;
  /** 个人信息 · About a person. */
  readonly personal?: boolean;
}

/** 一个例子 · An example. */
export interface ModelExample {
  readonly title: Words;
  readonly params: object;
  readonly status?: number;
  readonly reply?: unknown;
}

/** 一个接口 · A method. */
export interface ModelMethod {
  readonly name: string;
  readonly group: string;
  readonly title: Words;
  readonly doc: Words;
  readonly effect: unknown;
  /** 只知道名字，不检查 · Known by its name only: nothing is checked. */
  readonly raw: boolean;
  /** 哪个成员是订单 · The member that is an order. */
  readonly order: string | null;
  readonly poll: boolean;
  readonly settle: boolean;
  readonly oneOf: readonly (readonly string[])[];
  readonly params: readonly ModelField[];
  readonly result: string;
  readonly shapes: { readonly [name: string]: readonly ModelField[] };
  readonly examples: readonly ModelExample[];
}

/** 一种推送 · A kind of push. */
export interface ModelPush {
  readonly name: string;
  readonly title: Words;
  readonly doc: Words;
  readonly outer: readonly ModelField[];
  readonly shapes: { readonly [name: string]: readonly ModelField[] };
  readonly examples: readonly { readonly title: Words; readonly push: unknown }[];
}

/** 一组代码 · A set of codes. */
export interface ModelEnum extends Words {
  readonly codes: readonly (Words & { readonly code: string; readonly name: string })[];
}

/** 一条开票规则；`Violation.rule` 是它的编号 · A rule of an invoice; `Violation.rule` is its number. */
export interface ModelRule extends Words {
  readonly severity: 'error' | 'warning' | null;
  /** 平台会返回的码：处理办法见 `explain(code)` · The code that the platform answers: `explain(code)` tells the cure. */
  readonly code: string | null;
}

/** 全部 · All of it. */
export interface Model {
  readonly groups: { readonly [name: string]: Words };
  readonly methods: readonly ModelMethod[];
  readonly pushes: readonly ModelPush[];
  readonly enums: { readonly [name: string]: ModelEnum };
  readonly rules: { readonly [name: string]: ModelRule };
}

/** 载入接口资料（约 50 KB 压缩后），打包工具会单独成块 · Loads the model; bundlers make it a chunk of its own. */
export async function loadModel(): Promise<Model> {
  return ((await import('./model-data.js')) as { default: Model }).default;
}
