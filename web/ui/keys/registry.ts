/**
 * The one registry of keys (ui.md, Behaviour 8). A part of the page registers its keys while it is shown; the newest
 * part wins; a dialog closes off what lies under it. Bare letters and digits are refused: they are never global.
 */

export interface KeyAction {
  /** `F3`, `Ctrl+Enter`, `Alt+1`, `Escape`. Function keys mean the same everywhere: see `KEYS`. */
  key: string;
  label: string;
  run: () => void;
  disabled?: boolean;
  /** Works but is not shown in the strip. */
  silent?: boolean;
}

/** What local staff know; a screen uses these and gives them no other meaning. */
export const KEYS = {
  abbreviations: 'F2',
  prescription: 'F3',
  procedures: 'F4',
  results: 'F6',
  orders: 'F7',
  next: 'F8',
  print: 'F9',
  emergencySet: 'F10',
  record: 'F12',
  finish: 'Ctrl+Enter',
  search: 'Ctrl+K',
} as const;

interface Layer {
  actions: readonly KeyAction[];
  exclusive: boolean;
}

const layers: Layer[] = [];
const listeners = new Set<() => void>();
let shown: readonly KeyAction[] = [];

/**
 * @param exclusive true for dialogs: what was registered before is out of reach until removed
 * @returns removes the layer
 * @throws Error when a key is a bare letter, digit or mark
 */
export function addKeys(actions: readonly KeyAction[], exclusive = false): () => void {
  for (const action of actions) {
    if (/^.$/u.test(action.key)) throw new Error(`bare key ${action.key} must not be global`);
  }
  const layer = { actions, exclusive };
  layers.push(layer);
  changed();
  return () => {
    layers.splice(layers.indexOf(layer), 1);
    changed();
  };
}

/** The keys valid now, function keys first, in order. */
export function validKeys(): readonly KeyAction[] {
  return shown;
}

export function subscribeKeys(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** `F3`, `Ctrl+Enter`: the name of a pressed key. Cmd counts as Ctrl. */
export function keyName(
  event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>,
): string {
  const key = event.key.length === 1 ? event.key.toUpperCase() : event.key;
  return `${event.ctrlKey || event.metaKey ? 'Ctrl+' : ''}${event.altKey ? 'Alt+' : ''}${
    event.shiftKey && event.key.length > 1 ? 'Shift+' : ''
  }${key}`;
}

/** Runs the action of a pressed key. Never while Telex or VNI is composing a letter. */
export function handleKey(event: KeyboardEvent): void {
  if (event.isComposing || event.keyCode === 229 || event.defaultPrevented) return;
  const name = keyName(event);
  const action = shown.find((candidate) => candidate.key === name);
  if (!action) return;
  event.preventDefault();
  if (!action.disabled) action.run();
}

function changed(): void {
  const found = new Map<string, KeyAction>();
  for (const layer of layers.toReversed()) {
    for (const action of layer.actions) if (!found.has(action.key)) found.set(action.key, action);
    if (layer.exclusive) break;
  }
  shown = [...found.values()].sort((a, b) => rank(a.key) - rank(b.key));
  for (const listener of listeners) listener();
}

function rank(key: string): number {
  const number = /^F(\d+)$/.exec(key);
  return number ? Number(number[1]) : 100 + key.length;
}
