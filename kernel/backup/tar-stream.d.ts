declare module 'tar-stream' {
  import type { Readable, Writable } from 'node:stream';

  export interface Header {
    name: string;
    size?: number;
    mode?: number;
    mtime?: Date;
    type?: 'file' | 'directory' | string;
  }
  export interface Pack extends Readable {
    entry(header: Header, content?: Buffer, done?: (error?: Error | null) => void): Writable;
    finalize(): void;
  }
  export interface Entry extends AsyncIterable<Buffer> {
    header: Header;
    resume(): void;
  }
  export interface Extract extends Writable, AsyncIterable<Entry> {}
  export function pack(): Pack;
  export function extract(): Extract;
}
