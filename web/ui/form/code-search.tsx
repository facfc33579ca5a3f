/** Search field with a list (codes, medicines, people): results as you type, best match selected, keyboard, IME-safe. */
import { Popover } from '@mantine/core';
import { type KeyboardEvent, type ReactNode, type Ref, useEffect, useId, useRef, useState } from 'react';
import { t } from '../i18n/language.ts';
import { IconSearch } from '../icons.ts';
import { Field, type FieldProps } from './field.tsx';
import { isSearchable, rankFound } from './rank.ts';

/** One thing found. */
export interface Found {
  code: string;
  label: string;
  /** At the right, small: a price, a unit, an age. */
  note?: string;
}

interface CodeSearchProps<T extends Found> extends FieldProps {
  /** Asked 120 ms after the last letter; older answers are dropped. */
  search: (typed: string, signal: AbortSignal) => Promise<readonly T[]>;
  onChoose: (found: T) => void;
  /** What is chosen, drawn in the box; without it the box empties after each choice (adding to a list). */
  value?: Found | null;
  onClear?: () => void;
  placeholder?: string;
  /** Letters before the search begins; a code with a digit begins at two. */
  least?: number;
  /** Draws a line of the list; default: code, label, note. */
  draw?: (found: T) => ReactNode;
  /** Keeps the server's order (people are ranked by the server). */
  ranked?: boolean;
  /** Offered below when nothing was found: "new" appears after a search. */
  whenNone?: ReactNode;
  inputRef?: Ref<HTMLInputElement>;
}

/**
 * `search` finds, `onChoose` receives. While Telex or VNI composes a letter nothing is searched and no key is taken.
 */
export function CodeSearch<T extends Found>(props: CodeSearchProps<T>) {
  const box = useSearchBox(props);
  const listId = useId();
  return (
    <Popover
      opened={box.open}
      position="bottom-start"
      width="target"
      offset={4}
      shadow="none"
      returnFocus={false}
      trapFocus={false}
      classNames={{ dropdown: 'yb-popover' }}
      transitionProps={{ duration: 0 }}
      withinPortal
      middlewares={{ flip: true, shift: true }}
    >
      <Popover.Target>
        <div>
          <Field {...props} lead={<IconSearch size={18} aria-hidden />}>
            {(control) => (
              <input
                {...control}
                ref={props.inputRef}
                className="yb-input"
                role="combobox"
                aria-expanded={box.open}
                aria-controls={listId}
                aria-autocomplete="list"
                aria-activedescendant={
                  box.open && box.found.length > 0 ? `${listId}-${box.active}` : undefined
                }
                autoComplete="off"
                spellCheck={false}
                placeholder={props.placeholder ?? t('ui.search.hint', 'Gõ từ 3 chữ hoặc mã')}
                value={box.text}
                {...box.handlers}
              />
            )}
          </Field>
        </div>
      </Popover.Target>
      <Popover.Dropdown onMouseDown={(event) => event.preventDefault()}>
        <FoundList id={listId} box={box} draw={props.draw} whenNone={props.whenNone} label={props.label} />
      </Popover.Dropdown>
    </Popover>
  );
}

interface Box<T> {
  text: string;
  open: boolean;
  found: T[];
  active: number;
  state: 'idle' | 'searching' | 'done' | 'failed';
  setActive: (index: number) => void;
  choose: (found: T) => void;
  handlers: object;
}

function useSearchBox<T extends Found>(props: CodeSearchProps<T>): Box<T> {
  const shown = props.value?.label ?? '';
  const [text, setText] = useState(shown);
  const [found, setFound] = useState<T[]>([]);
  const [active, setActive] = useState(0);
  const [open, setOpen] = useState(false);
  const [state, setState] = useState<Box<T>['state']>('idle');
  const pending = useRef<{ timer: number; abort: AbortController } | null>(null);

  useEffect(() => setText(shown), [shown]);
  useEffect(() => () => stop(pending.current), []);

  const look = (typed: string) => {
    stop(pending.current);
    if (!isSearchable(typed, props.least)) {
      setOpen(false);
      setFound([]);
      setState('idle');
      return;
    }
    const abort = new AbortController();
    const timer = window.setTimeout(() => void ask(typed, abort.signal), 120);
    pending.current = { timer, abort };
  };
  const ask = async (typed: string, signal: AbortSignal) => {
    setState('searching');
    try {
      const answer = await props.search(typed, signal);
      if (signal.aborted) return;
      setFound(
        props.ranked
          ? [...answer]
          : rankFound(
              typed,
              answer,
              (one) => one.code,
              (one) => one.label,
            ),
      );
      setActive(0);
      setState('done');
    } catch {
      if (signal.aborted) return;
      setFound([]);
      setState('failed');
    }
    setOpen(true);
  };
  const choose = (one: T) => {
    stop(pending.current);
    setOpen(false);
    setFound([]);
    setText(props.value === undefined ? '' : one.label);
    props.onChoose(one);
  };
  const leave = () => {
    setOpen(false);
    if (props.value === undefined) return;
    if (text.trim() === '' && props.value) props.onClear?.();
    else setText(shown);
  };
  const box = { text, open, found, active, state, setActive, choose };
  const handlers = {
    onChange: (event: React.ChangeEvent<HTMLInputElement>) => {
      setText(event.target.value);
      if (!(event.nativeEvent as InputEvent).isComposing) look(event.target.value);
    },
    onCompositionEnd: (event: React.CompositionEvent<HTMLInputElement>) => look(event.currentTarget.value),
    onKeyDown: (event: KeyboardEvent<HTMLInputElement>) =>
      onKey(
        event,
        box,
        () => setOpen(false),
        () => look(text),
      ),
    onFocus: (event: React.FocusEvent<HTMLInputElement>) => event.target.select(),
    onBlur: leave,
  };
  return { ...box, handlers };
}

function stop(pending: { timer: number; abort: AbortController } | null): void {
  if (!pending) return;
  window.clearTimeout(pending.timer);
  pending.abort.abort();
}

/** Arrows move, Enter chooses, Escape closes; keys of a letter being composed are left alone. */
function onKey<T>(
  event: KeyboardEvent,
  box: Omit<Box<T>, 'handlers'>,
  close: () => void,
  look: () => void,
): void {
  if (event.nativeEvent.isComposing || event.keyCode === 229) return;
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  if (step !== 0) {
    event.preventDefault();
    if (!box.open) look();
    else if (box.found.length > 0) box.setActive((box.active + step + box.found.length) % box.found.length);
  } else if (event.key === 'Enter' && box.open && box.found[box.active]) {
    event.preventDefault();
    event.stopPropagation();
    box.choose(box.found[box.active]!);
  } else if (event.key === 'Escape' && box.open) {
    event.preventDefault();
    event.stopPropagation();
    close();
  }
}

function FoundList<T extends Found>(props: {
  id: string;
  label: string;
  box: Box<T>;
  draw?: (found: T) => ReactNode;
  whenNone?: ReactNode;
}) {
  const { box, id } = props;
  const active = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: scrolls when another line becomes the selected one
  useEffect(() => active.current?.scrollIntoView({ block: 'nearest' }), [box.active]);
  if (box.state === 'failed') {
    return (
      <div className="yb-options-say" role="status">
        {t('ui.search.failed', 'Chưa tìm được. Kiểm tra mạng rồi gõ tiếp; không mất gì cả.')}
      </div>
    );
  }
  if (box.found.length === 0) {
    return (
      <div className="yb-options-say" role="status">
        {t('ui.search.none', 'Không có kết quả. Thử ít chữ hơn hoặc bỏ dấu.')}
        {props.whenNone}
      </div>
    );
  }
  return (
    <div className="yb-options" role="listbox" id={id} aria-label={props.label}>
      {box.found.map((one, index) => (
        <div
          key={`${one.code} ${one.label}`}
          id={`${id}-${index}`}
          ref={index === box.active ? active : undefined}
          role="option"
          tabIndex={-1}
          aria-selected={index === box.active}
          className="yb-option"
          onMouseMove={() => index !== box.active && box.setActive(index)}
          onClick={() => box.choose(one)}
        >
          {props.draw ? (
            props.draw(one)
          ) : (
            <>
              <span className="yb-option-code">{one.code}</span>
              <span>{one.label}</span>
              {one.note && <span className="yb-option-note">{one.note}</span>}
            </>
          )}
        </div>
      ))}
    </div>
  );
}
