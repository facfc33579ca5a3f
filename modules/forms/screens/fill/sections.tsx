/** The form on the page, section by section: what is in sight first, the rest right after, all of it for search and keyboard. */
import { memo, type RefObject, useEffect, useMemo, useRef, useState } from 'react';
import type { Form, Path } from '../../../../engines/forms/browser.ts';
import { Button, t, toast } from '../../../../web/ui/index.ts';
import { FormItem } from './field.tsx';
import { Scope, useField, useScope } from './form-scope.ts';
import { focusField, focusFirst, formKeys } from './keyboard.ts';
import { unreadIn } from './unread.ts';
import { unreadWords } from './words.ts';

/** Single questions of the top level that are drawn together. */
const TOGETHER = 20;

/** A group of the top level is a section; single questions between groups are one, too. One after the other each is its own. */
export function sectionsOf(form: Form): Path[][] {
  if (form.entryMode !== 'random') return form.paths.map((path) => [path]);
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
  const { reached, goOn, isStep } = useSteps(sections, box);
  const idle = useMoreAndMore(reached);
  // A step is drawn at once: the keyboard goes to it.
  const drawn = form.entryMode === 'random' ? idle : reached;
  const takeOver = (path: Path) => {
    const before = form.previous(path);
    if (before.length > 0) form.set(path, before);
  };
  return (
    <div
      className="fm-form"
      ref={box}
      onKeyDown={(event) => formKeys(event, takeOver, isStep ? goOn : props.onLast)}
    >
      {sections.slice(0, drawn).map((paths, at) => (
        <Section key={paths[0]} paths={paths} isPast={form.entryMode === 'sequential' && at < reached - 1} />
      ))}
      {isStep && (
        <div>
          <Button kind="primary" onPress={goOn}>
            {t('forms.go-on', 'Tiếp tục')}
          </Button>
        </div>
      )}
    </div>
  );
});

/** @param props.isPast answered, and not to be changed any more (entryMode sequential) */
function Section({ paths, isPast }: { paths: readonly Path[]; isPast: boolean }) {
  const scope = useScope();
  const own = useMemo(() => (isPast ? { ...scope, readOnly: true } : scope), [scope, isPast]);
  return (
    <Scope value={own}>
      <div className="fm-section" id={anchorOf(paths[0]!)}>
        <div className="fm-items">
          {paths.map((path) => (
            <FormItem key={path} path={path} level={2} />
          ))}
        </div>
      </div>
    </Scope>
  );
}

/**
 * SDC entryMode: how many sections are reached, all of them where the form asks in any order. A draft goes on behind its last answer;
 * going on waits for what is missing or wrong in the section at hand.
 */
function useSteps(sections: readonly Path[][], box: RefObject<HTMLDivElement | null>) {
  const { form, readOnly } = useScope();
  const isStepwise = form.entryMode !== 'random' && !readOnly;
  const [step, setReached] = useState(() => (isStepwise ? firstOpen(form, sections) : 0));
  const reached = isStepwise ? step : sections.length;
  useEffect(() => {
    if (!isStepwise || reached === 1) return;
    const last = box.current?.querySelectorAll('.fm-section')[reached - 1];
    const field = last?.querySelector<HTMLElement>('[data-field]');
    if (field) focusField(field.dataset.field!);
  }, [reached, isStepwise, box]);
  const goOn = () => {
    const within = sections[reached - 1] ?? [];
    const isHere = (field: Path) =>
      within.some((path) => field === path || field.startsWith(`${path}/`) || field.startsWith(`${path}#`));
    const unread = unreadIn(box.current!, form).map(({ field, text }) => ({
      field,
      text: unreadWords(text),
    }));
    const wrong = form.issues(true).filter(({ severity }) => severity === 'error');
    const found = [...unread, ...wrong].find(({ field }) => isHere(field));
    if (found) {
      toast({ tone: 'look', text: found.text });
      focusField(found.field);
      return;
    }
    let next = reached + 1;
    while (next < sections.length && !sections[next - 1]!.some((path) => isAsked(form, path))) next += 1;
    setReached(Math.min(next, sections.length));
  };
  return { reached, goOn, isStep: isStepwise && reached < sections.length };
}

const isAsked = (form: Form, path: Path) => {
  const state = form.read(path);
  return state?.enabled === true && !state.hidden;
};

/** One more than the sections up to the last that has an answer. */
function firstOpen(form: Form, sections: readonly Path[][]): number {
  const answered = new Set((form.response('in-progress').item ?? []).map(({ linkId }) => linkId));
  const last = sections.findLastIndex((paths) =>
    paths.some((path) => answered.has(form.read(path)?.linkId ?? '')),
  );
  return Math.min(Math.max(last + 1, 1), sections.length);
}

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
