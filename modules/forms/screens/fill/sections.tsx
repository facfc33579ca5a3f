/** The form on the page, section by section: what is in sight first, the rest right after, all of it for search and keyboard. */
import { memo, useEffect, useMemo, useRef, useState } from 'react';
import type { Form, Path } from '../../../../engines/forms/browser.ts';
import { FormItem } from './field.tsx';
import { useField, useScope } from './form-scope.ts';
import { focusField, focusFirst, formKeys } from './keyboard.ts';

/** Single questions of the top level that are drawn together. */
const TOGETHER = 20;

/** A group of the top level is a section; single questions between groups are one, too. */
export function sectionsOf(form: Form): Path[][] {
  const sections: Path[][] = [];
  let open: Path[] | null = null;
  for (const path of form.paths) {
    if (form.read(path)?.type === 'group') {
      sections.push([path]);
      open = null;
    } else if (open && open.length < TOGETHER) open.push(path);
    else {
      open = [path];
      sections.push(open);
    }
  }
  return sections;
}

export const Sections = memo(function Sections(props: { onLast: () => void; takesFocus?: boolean }) {
  const { form } = useScope();
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (props.takesFocus) focusFirst(box.current);
  }, [props.takesFocus]);
  const sections = useMemo(() => sectionsOf(form), [form]);
  const drawn = useMoreAndMore(sections.length);
  const takeOver = (path: Path) => {
    const before = form.previous(path);
    if (before.length > 0) form.set(path, before);
  };
  return (
    <div className="fm-form" ref={box} onKeyDown={(event) => formKeys(event, takeOver, props.onLast)}>
      {sections.slice(0, drawn).map((paths) => (
        <div className="fm-section" key={paths[0]} id={anchorOf(paths[0]!)}>
          <div className="fm-items">
            {paths.map((path) => (
              <FormItem key={path} path={path} level={2} />
            ))}
          </div>
        </div>
      ))}
    </div>
  );
});

/** One section at once, then one more in each idle moment, so that a long form is in sight at once and whole soon after. */
function useMoreAndMore(all: number): number {
  const [drawn, setDrawn] = useState(Math.min(1, all));
  useEffect(() => {
    if (drawn >= all) return;
    const idle = window.requestIdleCallback(() => setDrawn(drawn + 1), { timeout: 100 });
    return () => window.cancelIdleCallback(idle);
  }, [drawn, all]);
  return drawn;
}

const anchorOf = (path: Path) => `fm-${path}`;

/** The table of contents beside a long form. */
export const Contents = memo(function Contents() {
  const { form } = useScope();
  const groups = useMemo(
    () => sectionsOf(form).flatMap(([path]) => (path === undefined ? [] : [path])),
    [form],
  );
  return (
    <nav className="fm-contents">
      {groups.map((path) => (
        <ContentsLine key={path} path={path} />
      ))}
    </nav>
  );
});

function ContentsLine({ path }: { path: Path }) {
  const field = useField(path);
  if (!field?.state.enabled || field.state.hidden || field.state.type !== 'group') return null;
  const go = () => {
    document.getElementById(anchorOf(path))?.scrollIntoView({ block: 'start' });
    const first = document.getElementById(anchorOf(path))?.querySelector<HTMLElement>('[data-field]');
    if (first) focusField(first.dataset.field!);
  };
  return (
    <button type="button" onClick={go}>
      {field.face.shortText ?? field.state.text}
    </button>
  );
}
