/** No secret stands in the repository: keys, tokens, addresses with passwords. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GateResult } from './gate.ts';

/** Forms that a real secret has; each is matched within one line. */
const FORMS: readonly [what: string, form: RegExp][] = [
  ['a private key', /-----BEGIN (RSA |EC |OPENSSH |ENCRYPTED )?PRIVATE KEY-----\s*(\\n)?[A-Za-z0-9+/]{20}/],
  ['an age identity', /AGE-SECRET-KEY-(PQ-)?1[A-Z0-9]{40}/],
  ['a token of a code host', /\b(gh[pousr]_[A-Za-z0-9]{30}|glpat-[\w-]{20}|npm_[A-Za-z0-9]{30})/],
  ['a key of a cloud', /\b(AKIA|ASIA)[0-9A-Z]{16}\b|\bAIza[\w-]{35}\b/],
  ['a token of a chat', /\bxox[abprs]-[\w-]{20}/],
  ['a signed token', /\beyJ[\w-]{15,}\.eyJ[\w-]{15,}\.[\w-]{20,}/],
  ['a private JWK', /"d"\s*:\s*"[\w-]{40,}"/],
  [
    'a database with its password',
    /postgres(ql)?:\/\/\w+:(?!password@|secret@|\$|x@)[^@\s'"`]{6,}@(?!localhost|127\.|host\b|db\b)/,
  ],
];
/** Binary, or made from sources that are checked. */
const SKIPPED = /\.(png|jpg|gz|woff2?|ttf|ico|pdf|zst|age)$|^package-lock\.json$/;

/** Faults of one file's text; exported for its test. */
export function secretFaults(path: string, text: string): string[] {
  return text
    .split('\n')
    .flatMap((line, at) =>
      FORMS.filter(([, form]) => form.test(line)).map(([what]) => `${path}:${at + 1}: looks like ${what}`),
    );
}

export function secretGate(root: string): GateResult {
  const files = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' })
    .split('\0')
    .filter(Boolean);
  const faults = files
    .filter((path) => !SKIPPED.test(path))
    .flatMap((path) => secretFaults(path, readFileSync(join(root, path), 'utf8')));
  return { name: 'secrets', ok: faults.length === 0, output: faults.join('\n') };
}
