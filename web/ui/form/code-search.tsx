/** Search field with a list (codes, medicines, people): results as you type, best match selected, keyboard, IME-safe. */
import { Popover } from '@mantine/core';
import { type ReactNode, type Ref, useEffect, useId, useRef } from 'react';
import { t } from '../i18n/language.ts';
import { IconSearch } from '../icons.ts';
import { Field, type FieldProps } from './field.tsx';
import { type Found, type SearchBox, type SearchOptions, useSearchBox } from './use-search-box.ts';

interface CodeSearchProps<T extends Found> extends FieldProps, SearchOptions<T> {
  placeholder?: string;
  /** Draws a line of the list; default: code, label, note. */
  draw?: (found: T) => ReactNode;
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
  const found = box.answer?.found ?? [];
  return (
    <Popover
      opened={box.open}
      position="bottom-start"
      width="target"
      offset={4}
      shadow="none"
      withRoles={false}
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
                aria-expanded={found.length > 0}
                aria-controls={found.length > 0 ? listId : undefined}
                aria-autocomplete="list"
                aria-activedescendant={found.length > 0 ? `${listId}-${box.active}` : undefined}
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

function FoundList<T extends Found>(props: {
  id: string;
  label: string;
  box: SearchBox<T>;
  draw?: (found: T) => ReactNode;
  whenNone?: ReactNode;
}) {
  const { box, id } = props;
  const found = box.answer?.found ?? [];
  const active = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: scrolls when another line becomes the selected one
  useEffect(() => {
    active.current?.scrollIntoView({ block: 'nearest' });
  }, [box.active]);
  if (box.answer?.failed) {
    return (
      <div className="yb-options-say" role="status">
        {box.answer.failed}
      </div>
    );
  }
  if (found.length === 0) {
    return (
      <div className="yb-options-say" role="status">
        {t('ui.search.none', 'Không có kết quả. Thử ít chữ hơn hoặc bỏ dấu.')}
        {props.whenNone}
      </div>
    );
  }
  return (
    <div className="yb-options" role="listbox" id={id} aria-label={props.label}>
      {found.map((one, index) => (
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
