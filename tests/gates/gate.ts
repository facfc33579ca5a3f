/** A gate is one promise about the whole tree that a command can answer: format, types, arrows, sizes, licences. */
import { spawn } from 'node:child_process';

export interface GateResult {
  name: string;
  ok: boolean;
  /** What the command printed, or why the gate is shut. */
  output: string;
}

/** Runs a command and turns its exit code into a result; never throws. */
export function commandGate(name: string, command: string, args: string[]): Promise<GateResult> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('error', (error) => resolve({ name, ok: false, output: error.message }));
    child.on('close', (code) =>
      resolve({ name, ok: code === 0, output: Buffer.concat(chunks).toString('utf8') }),
    );
  });
}
