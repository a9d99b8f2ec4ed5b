// A link that carries the method and its params, and nothing about who asks. It stands behind the #, which no server sees.

interface Shared {
  readonly method: string;
  readonly text: string;
}

export async function linkTo(shared: Shared): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify([shared.method, shared.text]));
  const packed = await through(bytes, new CompressionStream('deflate-raw'));
  let letters = '';
  for (const byte of packed) letters += String.fromCharCode(byte);
  const coded = btoa(letters).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
  return `${location.href.replace(/#.*/s, '')}#o=${coded}`;
}

/** What a link carries; nothing if it is none, or broken. */
export async function sharedIn(hash: string): Promise<Shared | undefined> {
  if (!hash.startsWith('#o=')) return undefined;
  try {
    const letters = atob(hash.slice(3).replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
    const whole = await through(bytes, new DecompressionStream('deflate-raw'));
    const [method, text]: unknown[] = JSON.parse(new TextDecoder().decode(whole));
    return typeof method === 'string' && typeof text === 'string' ? { method, text } : undefined;
  } catch {
    return undefined;
  }
}

async function through(bytes: Uint8Array<ArrayBuffer>, stream: GenericTransformStream): Promise<Uint8Array> {
  return new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(stream as ReadableWritablePair)).arrayBuffer());
}
