import { type KeyboardEvent, type ReactNode, useId, useRef } from 'react';

export interface Tab {
  key: string;
  label: string;
  /** A count or mark after the label. */
  beside?: ReactNode;
}

/** Tabs; keep the chosen key in `useUrlState` so that a link opens the same tab. Arrow keys move. */
export function Tabs(props: {
  label: string;
  tabs: readonly Tab[];
  value: string;
  onChange: (key: string) => void;
  children: ReactNode;
}) {
  const id = useId();
  const bar = useRef<HTMLDivElement>(null);
  const move = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const index = props.tabs.findIndex((tab) => tab.key === props.value);
    const next = props.tabs[(index + step + props.tabs.length) % props.tabs.length]!;
    props.onChange(next.key);
    bar.current?.querySelector<HTMLElement>(`[data-tab="${CSS.escape(next.key)}"]`)?.focus();
  };
  return (
    <>
      <div className="yb-tabs" role="tablist" aria-label={props.label} ref={bar} onKeyDown={move}>
        {props.tabs.map((tab) => (
          <button
            key={tab.key}
            type="button"
            role="tab"
            className="yb-tab"
            id={`${id}-${tab.key}`}
            data-tab={tab.key}
            aria-selected={tab.key === props.value}
            aria-controls={`${id}-panel`}
            tabIndex={tab.key === props.value ? 0 : -1}
            onClick={() => props.onChange(tab.key)}
          >
            {tab.label} {tab.beside}
          </button>
        ))}
      </div>
      <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${props.value}`}>
        {props.children}
      </div>
    </>
  );
}
