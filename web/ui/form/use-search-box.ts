/** The state of a search field: what is typed, what was found for it, which line is selected. */
import {
  type ChangeEvent,
  type CompositionEvent,
  type FocusEvent,
  type KeyboardEvent,
  useEffect,
  useRef,
  useState,
} from 'react';
import { ApiFailure } from '../data/failure.ts';
import { t } from '../i18n/language.ts';
import { isSearchable, rankFound } from './rank.ts';

/** One thing found. */
export interface Found {
  code: string;
  label: string;
  /** At the right, small: a price, a unit, an age. */
  note?: string;
}

export interface SearchOptions<T extends Found> {
  /** Asked 120 ms after the last letter; older answers are dropped. */
  search: (typed: string, signal: AbortSignal) => Promise<readonly T[]>;
  onChoose: (found: T) => void;
  /** What is chosen, drawn in the box; without it the box empties after each choice (adding to a list). */
  value?: Found | null;
  onClear?: () => void;
  /** Letters before the search begins; a code with a digit begins at two. */
  least?: number;
  /** Keeps the server's order (people are ranked by the server). */
  ranked?: boolean;
}

/** What was found, and for which words: lines found for other words are never chosen. */
interface Answer<T> {
  typed: string;
  found: readonly T[];
  /** Why nothing could be searched: a sentence. */
  failed: string | null;
}

export interface SearchBox<T> {
  text: string;
  open: boolean;
  answer: Answer<T> | null;
  active: number;
  setActive: (index: number) => void;
  choose: (found: T) => void;
  handlers: {
    onChange: (event: ChangeEvent<HTMLInputElement>) => void;
    onCompositionEnd: (event: CompositionEvent<HTMLInputElement>) => void;
    onKeyDown: (event: KeyboardEvent<HTMLInputElement>) => void;
    onFocus: (event: FocusEvent<HTMLInputElement>) => void;
    onBlur: () => void;
  };
}

const WAIT = 120;

export function useSearchBox<T extends Found>(options: SearchOptions<T>): SearchBox<T> {
  const shown = options.value?.label ?? '';
  const [text, setText] = useState(shown);
  const [active, setActive] = useState(0);
  const { answer, ask, forget } = useAnswer(options, (fresh, entered) => {
    setActive(0);
    if (entered) chooseSure(fresh);
  });
  useEffect(() => setText(shown), [shown]);

  const choose = (one: T) => {
    forget();
    setText(options.value === undefined ? '' : one.label);
    options.onChoose(one);
  };
  // Enter came before the answer: only what cannot be mistaken is chosen for the person.
  const chooseSure = (fresh: Answer<T>) => {
    const exact = fresh.found.filter((one) => one.code.toLowerCase() === fresh.typed.trim().toLowerCase());
    const [sure] = exact.length === 1 ? exact : fresh.found.length === 1 ? fresh.found : [];
    if (sure) choose(sure);
  };
  const leave = () => {
    forget();
    if (options.value === undefined) return;
    if (text.trim() === '' && options.value) options.onClear?.();
    else setText(shown);
  };
  const open = answer !== null;
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    const found = answer?.found ?? [];
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0) {
      event.preventDefault();
      if (!open) ask(text);
      else if (found.length > 0) setActive((active + step + found.length) % found.length);
    } else if (event.key === 'Enter' && isSearchable(text, options.least) && text !== shown) {
      event.preventDefault();
      event.stopPropagation();
      if (answer?.typed !== text) ask(text, true);
      else if (found[active]) choose(found[active]);
    } else if (event.key === 'Escape' && open) {
      event.preventDefault();
      event.stopPropagation();
      forget();
    }
  };
  return {
    text,
    open,
    answer,
    active,
    setActive,
    choose,
    handlers: {
      onChange: (event) => {
        setText(event.target.value);
        if (!(event.nativeEvent as InputEvent).isComposing) ask(event.target.value);
      },
      onCompositionEnd: (event) => ask(event.currentTarget.value),
      onKeyDown,
      onFocus: (event) => event.target.select(),
      onBlur: leave,
    },
  };
}

/** Asks a moment after the last letter, at once after Enter; an answer to older words is dropped. */
function useAnswer<T extends Found>(
  options: SearchOptions<T>,
  onAnswer: (answer: Answer<T>, entered: boolean) => void,
): { answer: Answer<T> | null; ask: (typed: string, entered?: boolean) => void; forget: () => void } {
  const [answer, setAnswer] = useState<Answer<T> | null>(null);
  const pending = useRef<{ timer: number; abort: AbortController } | null>(null);
  const heard = useRef(onAnswer);
  heard.current = onAnswer;
  useEffect(() => () => stop(pending.current), []);

  const run = async (typed: string, entered: boolean, signal: AbortSignal) => {
    const fresh: Answer<T> = { typed, found: [], failed: null };
    try {
      const found = await options.search(typed, signal);
      fresh.found = options.ranked ? found : rankFound(typed, found, codeOf, labelOf);
    } catch (error) {
      fresh.failed = failedSearch(error);
    }
    if (signal.aborted) return;
    setAnswer(fresh);
    heard.current(fresh, entered);
  };
  const forget = () => {
    stop(pending.current);
    setAnswer(null);
  };
  const ask = (typed: string, entered = false) => {
    stop(pending.current);
    if (!isSearchable(typed, options.least)) return setAnswer(null);
    const abort = new AbortController();
    const timer = window.setTimeout(() => void run(typed, entered, abort.signal), entered ? 0 : WAIT);
    pending.current = { timer, abort };
  };
  return { answer, ask, forget };
}

function stop(pending: { timer: number; abort: AbortController } | null): void {
  window.clearTimeout(pending?.timer);
  pending?.abort.abort();
}

function failedSearch(error: unknown): string {
  if (error instanceof ApiFailure && !error.passing) return error.message;
  return t('ui.search.failed', 'Chưa tìm được. Kiểm tra mạng rồi gõ tiếp; không mất gì cả.');
}

const codeOf = (one: Found) => one.code;
const labelOf = (one: Found) => one.label;
