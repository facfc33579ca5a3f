/** Groups: headed, folded, repeated, or as a table with a row for each repeat. */
import { useId, useRef, useState } from 'react';
import type { FieldFace, FieldState, Path, Repeat } from '../../../../engines/forms/browser.ts';
import { Button, Heading, Row, Text, t } from '../../../../web/ui/index.ts';
import { Asides } from './asides.tsx';
import { useField, useScope } from './form-scope.ts';

interface GroupProps {
  state: FieldState;
  face: FieldFace;
  level: number;
}

export function FormGroup(props: GroupProps) {
  const { state, face } = props;
  const [open, setOpen] = useState(face.collapsible !== 'default-closed');
  const id = useId();
  const fault = state.issues.find(({ severity }) => severity === 'error')?.text;
  const level = Math.min(props.level, 3) as 1 | 2 | 3;
  return (
    <section className="fm-group" data-level={props.level} aria-labelledby={state.text ? id : undefined}>
      {state.text && (
        <div className="fm-group-head" id={id}>
          <Heading level={level} size={props.level <= 2 ? 16 : 14}>
            {state.prefix ? `${state.prefix} ${state.text}` : state.text}
          </Heading>
          {face.collapsible && (
            <Button kind="quiet" small onPress={() => setOpen(!open)}>
              {open ? t('forms.fold', 'Thu gọn') : t('forms.unfold', 'Mở ra')}
            </Button>
          )}
        </div>
      )}
      {(face.instructions ?? face.help) && (
        <Text as="p" size={13} tone="soft">
          {face.instructions ?? face.help}
        </Text>
      )}
      {state.asides.length > 0 && <Asides asides={state.asides} />}
      {open && <Inside {...props} />}
      {fault && <span className="yb-error">{fault}</span>}
    </section>
  );
}

function Inside(props: GroupProps) {
  const { state, face } = props;
  const { Item } = useScope();
  if (face.repeats && (face.control === 'gtable' || face.control === 'grid'))
    return <RowsOfRepeats {...props} />;
  if (!face.repeats && (face.control === 'grid' || face.control === 'table'))
    return <RowsOfGroups {...props} />;
  return (
    <>
      {state.repeats.map((repeat, at) => (
        <div key={repeat.path} className={face.repeats ? 'fm-repeat' : undefined}>
          {face.repeats && (
            <Row spread>
              <Text strong size={13}>
                {t('forms.nth', 'Lần {n}', { n: at + 1 })}
              </Text>
              <RemoveRepeat repeat={repeat} number={at + 1} of={state} />
            </Row>
          )}
          <div className="fm-items">
            {repeat.children.map((child) => (
              <Item key={child} path={child} level={props.level + 1} />
            ))}
          </div>
        </div>
      ))}
      <AddRepeat state={state} />
    </>
  );
}

/** SDC gtable: one row a repeat, one column a question. */
function RowsOfRepeats({ state, level }: GroupProps) {
  const columns = state.repeats[0]?.children ?? [];
  return (
    <>
      {state.repeats.length > 0 && (
        <div className="fm-scroll">
          <table className="fm-table" aria-label={state.text}>
            <thead>
              <tr>
                {columns.map((path) => (
                  <Head key={path} path={path} />
                ))}
                <td />
              </tr>
            </thead>
            <tbody>
              {state.repeats.map((repeat, at) => (
                <tr key={repeat.path}>
                  <Cells paths={repeat.children} level={level} />
                  <td>
                    <RemoveRepeat repeat={repeat} number={at + 1} of={state} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <AddRepeat state={state} />
    </>
  );
}

/** SDC grid: the groups inside are the rows, their questions the columns; single questions stand below. */
function RowsOfGroups({ state, level }: GroupProps) {
  const { form, Item } = useScope();
  const children = state.repeats[0]?.children ?? [];
  const groups = children.filter((path) => form.read(path)?.type === 'group');
  const first = groups[0] ? (form.read(groups[0])?.repeats[0]?.children ?? []) : [];
  return (
    <>
      <div className="fm-scroll">
        <table className="fm-table" aria-label={state.text}>
          <thead>
            <tr>
              <td />
              {first.map((path) => (
                <Head key={path} path={path} />
              ))}
            </tr>
          </thead>
          <tbody>
            {groups.map((path) => (
              <GroupRow key={path} path={path} level={level} />
            ))}
          </tbody>
        </table>
      </div>
      {children
        .filter((path) => !groups.includes(path))
        .map((path) => (
          <Item key={path} path={path} level={level + 1} />
        ))}
    </>
  );
}

function GroupRow(props: { path: Path; level: number }) {
  const field = useField(props.path);
  if (!field?.state.enabled || field.state.hidden) return null;
  return (
    <tr>
      <th scope="row">{field.state.text}</th>
      <Cells paths={field.state.repeats[0]?.children ?? []} level={props.level} />
    </tr>
  );
}

function Cells(props: { paths: readonly Path[]; level: number }) {
  const { Item } = useScope();
  return props.paths.map((path) => (
    <td key={path}>
      <Item path={path} level={props.level + 1} bare />
    </td>
  ));
}

function Head({ path }: { path: Path }) {
  const field = useField(path);
  if (!field || field.state.hidden) return <td />;
  const { state, face } = field;
  return (
    <th scope="col">
      {face.shortText ?? state.text}
      {state.required && (
        <span className="yb-required" aria-hidden>
          {' *'}
        </span>
      )}
    </th>
  );
}

function AddRepeat({ state }: { state: FieldState }) {
  const { form, readOnly } = useScope();
  if (!state.canAdd || readOnly || state.readOnly) return null;
  const add = () => {
    const made = form.add(state.path);
    // The first box of what was added is where one goes on.
    if (made !== null) requestAnimationFrame(() => focusInside(made));
  };
  return (
    <div>
      <Button small onPress={add}>
        {t('forms.add-repeat', 'Thêm: {what}', { what: state.text })}
      </Button>
    </div>
  );
}

function RemoveRepeat(props: { repeat: Repeat; number: number; of: FieldState }) {
  const { form, readOnly } = useScope();
  const place = useRef<HTMLDivElement>(null);
  if (readOnly) return null;
  const remove = () => {
    const { path, repeats } = props.of;
    const group = place.current?.closest('section');
    form.remove(props.repeat.path);
    // The button is gone: the keyboard goes on at the repeat that has taken its place, or at the last one.
    const left = form.read(path)?.repeats ?? [];
    const next = left[Math.min(repeats.indexOf(props.repeat), left.length - 1)];
    requestAnimationFrame(() => {
      if (next) focusInside(next.path);
      if (!group?.contains(document.activeElement)) group?.querySelector('button')?.focus();
    });
  };
  return (
    <div ref={place}>
      <Button
        kind="quiet"
        small
        label={t('forms.remove-repeat', 'Bỏ {what} lần {n}', { what: props.of.text, n: props.number })}
        onPress={remove}
      >
        {t('forms.remove', 'Bỏ')}
      </Button>
    </div>
  );
}

function focusInside(path: Path): void {
  const inside = [...document.querySelectorAll<HTMLElement>('[data-field]')].find((one) =>
    one.dataset.field!.startsWith(`${path}/`),
  );
  inside?.querySelector<HTMLElement>('input, select, textarea')?.focus();
}
