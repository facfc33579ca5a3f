/** Where things stand: page, panel, stack, row, columns. */
import { type CSSProperties, type ReactNode, useEffect } from 'react';
import { t } from '../i18n/language.ts';
import { Heading } from './text.tsx';
import type { Tone } from './tone.ts';

export type Space = 0 | 4 | 8 | 12 | 16 | 24 | 32 | 48;

/**
 * One screen. `title` is its heading and the browser tab's; `acts` stand at the right of it.
 * @param props.fill the page is as high as the window and its lists scroll inside
 * @param props.narrow one column, for citizens and short forms
 */
export function Page(props: {
  title: string;
  beside?: ReactNode;
  acts?: ReactNode;
  fill?: boolean;
  narrow?: boolean;
  hideTitle?: boolean;
  children: ReactNode;
}) {
  const { title } = props;
  useEffect(() => {
    document.title = t('ui.tab', '{title} · Y Bạ', { title });
  }, [title]);
  return (
    <div className="yb-page" data-fill={props.fill || undefined} data-narrow={props.narrow || undefined}>
      {props.hideTitle ? (
        <h1 className="yb-hidden">{title}</h1>
      ) : (
        <header className="yb-page-head">
          <Heading level={1}>{title}</Heading>
          {props.beside}
          {props.acts && <div className="yb-page-acts yb-no-print">{props.acts}</div>}
        </header>
      )}
      <div className="yb-page-body">{props.children}</div>
    </div>
  );
}

/**
 * A white field with an optional heading.
 * @param props.flush no padding: for lists and tables that reach the edges
 * @param props.fill takes the height that is left; its content scrolls inside
 */
export function Panel(props: {
  title?: string;
  beside?: ReactNode;
  acts?: ReactNode;
  tone?: Exclude<Tone, 'neutral' | 'brand'>;
  flush?: boolean;
  fill?: boolean;
  level?: 2 | 3;
  children: ReactNode;
}) {
  const hasHead = props.title || props.acts || props.beside;
  return (
    <section
      className="yb-panel"
      aria-label={props.title}
      data-tone={props.tone}
      data-flush={props.flush || undefined}
      data-fill={props.fill || undefined}
    >
      {hasHead && (
        <header className="yb-panel-head">
          {props.title && (
            <Heading level={props.level ?? 2} size={16}>
              {props.title}
            </Heading>
          )}
          {props.beside}
          {props.acts && <div className="yb-panel-acts yb-no-print">{props.acts}</div>}
        </header>
      )}
      <div className="yb-panel-body">{props.children}</div>
    </section>
  );
}

/** Things one under another. */
export function Stack(props: { gap?: Space; grow?: boolean; style?: CSSProperties; children: ReactNode }) {
  return (
    <div
      className={`yb-stack${props.grow ? ' yb-grow' : ''}`}
      style={{ gap: props.gap ?? 12, ...props.style }}
    >
      {props.children}
    </div>
  );
}

/** Things side by side. `align` defaults to the middle. */
export function Row(props: {
  gap?: Space;
  align?: 'start' | 'middle' | 'end' | 'stretch';
  wrap?: boolean;
  grow?: boolean;
  spread?: boolean;
  style?: CSSProperties;
  children: ReactNode;
}) {
  return (
    <div
      className={`yb-row${props.grow ? ' yb-grow' : ''}`}
      data-align={props.align}
      data-wrap={props.wrap || undefined}
      style={{
        gap: props.gap ?? 8,
        justifyContent: props.spread ? 'space-between' : undefined,
        ...props.style,
      }}
    >
      {props.children}
    </div>
  );
}

/** Takes the room that is left in a Row. */
export function Grow(props: { children?: ReactNode }) {
  return <div className="yb-grow">{props.children}</div>;
}

/**
 * Columns of a grid; one column below 900 px. `widths` are CSS: `['280px', '1fr']`.
 * @param props.fill as high as what is left, each column scrolls by itself
 */
export function Columns(props: {
  widths: readonly string[];
  gap?: Space;
  fill?: boolean;
  children: ReactNode;
}) {
  const gridTemplateColumns = props.widths.map((width) =>
    width.endsWith('fr') ? `minmax(0, ${width})` : width,
  );
  return (
    <div
      className="yb-columns"
      data-fill={props.fill || undefined}
      style={{ gridTemplateColumns: gridTemplateColumns.join(' '), gap: props.gap ?? 16 }}
    >
      {props.children}
    </div>
  );
}

/** As many equal columns as fit: tiles, short fields. */
export function Grid(props: { min: number; gap?: Space; children: ReactNode }) {
  return (
    <div
      style={{
        display: 'grid',
        gap: props.gap ?? 12,
        gridTemplateColumns: `repeat(auto-fill, minmax(min(${props.min}px, 100%), 1fr))`,
      }}
    >
      {props.children}
    </div>
  );
}

export function Divider() {
  return <hr className="yb-divider" />;
}
