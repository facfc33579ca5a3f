/** What a zlib stream of Node consists of: the native state, and what is left of output and input after a call. */
export interface Engine {
  destroyed: boolean;
  reset(): void;
  on(event: 'error', listener: () => void): void;
  _handle?: {
    writeSync?(
      flush: number,
      input: Buffer,
      inputAt: number,
      inputSize: number,
      output: Buffer,
      outputAt: number,
      outputSize: number,
    ): void;
  } | null;
  _writeState?: Uint32Array;
}

/** The parts of a stream; null when this Node's streams are built otherwise. */
export function engineOf(stream: object): Engine | null {
  const engine = stream as Engine;
  // A fault is found by `destroyed`; without a listener it would end the program.
  engine.on('error', () => undefined);
  const known = typeof engine._handle?.writeSync === 'function' && engine._writeState instanceof Uint32Array;
  return known ? engine : null;
}
