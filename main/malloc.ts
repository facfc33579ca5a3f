/**
 * How glibc hands out memory. Node's small Buffers live in pieces of 64 KB, some hundred of them a second under load; below its threshold
 * glibc puts them into a heap that is soon full of holes and never smaller, and a hashed password's 19 MB stay with each thread that ever
 * made one. With the settings below such pieces go back to the system when they are free.
 */
const CALM = { MALLOC_ARENA_MAX: '2', MALLOC_MMAP_THRESHOLD_: '65536' };

/**
 * glibc reads its settings when a process begins: this one begins once more, as the same process, with its arguments. Does nothing where
 * the operator has set them, on other systems, and in a process that another one talks to.
 */
export function calmMalloc(): void {
  if (process.platform !== 'linux' || process.send || process.execve === undefined) return;
  if (Object.keys(CALM).some((name) => process.env[name] !== undefined)) return;
  const words = [process.execPath, ...process.execArgv, ...process.argv.slice(1)];
  try {
    process.execve(process.execPath, words, { ...process.env, ...CALM });
  } catch {
    // Where a process may not replace itself it works as well, and grows larger.
  }
}
