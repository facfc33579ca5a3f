/** One or several of what is offered: all in sight, a list, or a search in a value set; words of one's own where they are allowed. */
import { useLayoutEffect, useState } from 'react';
import type { Option } from '../../../../engines/forms/browser.ts';
import type { Coding, ValueSet } from '../../../../kernel/fhir/types.ts';
import { foldText } from '../../../../kernel/text/fold.ts';
import {
  api,
  Button,
  CheckList,
  CodeSearch,
  type Found,
  RadioList,
  Row,
  SelectField,
  Stack,
  Text,
  TextField,
  t,
} from '../../../../web/ui/index.ts';
import { ChoiceTable } from './choice-table.tsx';
import type { ControlProps } from './question.tsx';
import { wordsOf } from './words.ts';

/** More than so many stand in a list of the browser's, and more than so many are searched. */
const IN_SIGHT = 7;
const IN_A_LIST = 20;
const FOUND_AT_ONCE = '20';

export function ChoiceControl(props: ControlProps) {
  const { state } = props;
  const offered = state.options ?? (state.valueSet === null ? state.candidates : null);
  return (
    <Stack gap={8}>
      {offered ? <Offered {...props} options={offered} /> : <Searched {...props} />}
      {state.type === 'open-choice' && offered && <OwnWords {...props} options={offered} />}
    </Stack>
  );
}

type OfferedProps = ControlProps & { options: readonly Option[] };

function Offered(props: OfferedProps) {
  const { face, options } = props;
  const several = face.repeats;
  const asList =
    face.control === 'drop-down' || (options.length > IN_SIGHT && face.control !== 'radio-button');
  if (face.control === 'autocomplete' || (options.length > IN_A_LIST && face.control === null))
    return <Searched {...props} />;
  if (face.columns.length > 0 && face.control !== 'drop-down' && !props.bare) return <Rows {...props} />;
  if (several) return <Checks {...props} />;
  return asList || props.bare ? <List {...props} /> : <Radios {...props} />;
}

function sharedOf(props: ControlProps) {
  return {
    label: props.label,
    required: props.state.required,
    bare: props.bare,
    error: props.error,
    hint: props.hint,
  };
}

const choicesOf = (options: readonly Option[]) =>
  options.map(({ label, prefix, enabled }, index) => ({
    value: String(index),
    label: prefix ? `${prefix} ${label}` : label,
    disabled: !enabled,
  }));

const indexOf = (options: readonly Option[], value: unknown) =>
  value === undefined ? '' : String(options.findIndex((option) => isSame(option.value, value)));

/** In columns: one row, or the rows that are chosen. */
function Rows(props: OfferedProps) {
  const { options, state, face } = props;
  const isChosen = (option: Option) => state.values.some((value) => isSame(option.value, value));
  const toggle = (option: Option, on: boolean) => {
    if (!face.repeats) props.onChange([option.value]);
    else if (!on) props.onChange(state.values.filter((value) => !isSame(option.value, value)));
    else if (option.exclusive) props.onChange([option.value]);
    else {
      const alone = options.filter(({ exclusive }) => exclusive);
      const kept = state.values.filter((value) => !alone.some((one) => isSame(one.value, value)));
      props.onChange([...kept, option.value]);
    }
  };
  return <ChoiceTable {...props} isChosen={isChosen} onToggle={toggle} />;
}

function Radios(props: OfferedProps) {
  const { options, state, face } = props;
  const chosen = state.values.find((value) => options.some((option) => isSame(option.value, value)));
  return (
    <RadioList
      {...sharedOf(props)}
      disabled={props.readOnly}
      inline={face.orientation === 'horizontal' || (face.orientation === null && shortOf(options))}
      choices={choicesOf(options)}
      value={indexOf(options, chosen)}
      onChange={(index) => props.onChange([options[Number(index)]!.value])}
      onClear={() => props.onChange([])}
    />
  );
}

const shortOf = (options: readonly Option[]) =>
  options.reduce((sum, { label }) => sum + label.length + 4, 0) < 70;

function List(props: OfferedProps) {
  const { options, state } = props;
  return (
    <SelectField
      {...sharedOf(props)}
      readOnly={props.readOnly}
      choices={choicesOf(options)}
      empty={t('forms.choose', 'Chọn…')}
      value={indexOf(options, state.values[0])}
      onChange={(index) => props.onChange(index === '' ? [] : [options[Number(index)]!.value])}
      width={props.bare ? undefined : 360}
    />
  );
}

function Checks(props: OfferedProps) {
  const { options, state, face } = props;
  const own = state.values.filter((value) => !options.some((option) => isSame(option.value, value)));
  const put = (indexes: string[]) => {
    const before = new Set(state.values.map((value) => indexOf(options, value)));
    const added = options[Number(indexes.find((index) => !before.has(index)) ?? -1)];
    const chosen = indexes.map((index) => options[Number(index)]!);
    const kept = added
      ? chosen.filter((one) => one === added || (!added.exclusive && !one.exclusive))
      : chosen;
    props.onChange([...kept.map(({ value }) => value), ...(added?.exclusive ? [] : own)]);
  };
  return (
    <CheckList
      {...sharedOf(props)}
      disabled={props.readOnly}
      inline={face.orientation === 'horizontal'}
      choices={choicesOf(options)}
      value={state.values.map((value) => indexOf(options, value))}
      onChange={put}
    />
  );
}

/** Typed letters find members of the value set, or of a long list of the form's own. */
function Searched(props: ControlProps & { options?: readonly Option[] }) {
  const { state, face, options } = props;
  const several = face.repeats;
  const search = async (typed: string, signal: AbortSignal): Promise<CodingFound[]> =>
    options ? inOptions(options, typed) : inValueSet(state.valueSet!, typed, signal);
  const value = state.values[0];
  const shown =
    !several && value !== undefined ? { code: codeOf(value), label: wordsOf(value, state) } : null;
  const open = state.type === 'open-choice';
  const [typed, setTyped] = useState('');
  const add = (next: unknown) => {
    if (!several) props.onChange([next]);
    else if (!state.values.some((one) => isSame(one, next))) props.onChange([...state.values, next]);
  };
  return (
    <>
      <CodeSearch<CodingFound>
        {...sharedOf(props)}
        readOnly={props.readOnly}
        disabled={props.readOnly}
        least={options ? 1 : 2}
        search={(text, signal) => {
          setTyped(text);
          return search(text, signal);
        }}
        {...(several ? {} : { value: shown, onClear: () => props.onChange([]) })}
        onChoose={({ value: found }) => add(found)}
        {...(open
          ? {
              whenNone: (
                <Button small onPress={() => add(typed)}>
                  {t('forms.as-typed', 'Ghi đúng như đã gõ')}
                </Button>
              ),
            }
          : {})}
      />
      {several &&
        state.values.map((one, at) => (
          <Row key={codeOf(one)} gap={8}>
            <Text>{wordsOf(one, state)}</Text>
            {!props.readOnly && (
              <Button
                kind="quiet"
                small
                onPress={() => props.onChange(state.values.filter((_, index) => index !== at))}
                label={t('forms.remove-answer', 'Bỏ {what}', { what: wordsOf(one, state) })}
              >
                {t('forms.remove', 'Bỏ')}
              </Button>
            )}
          </Row>
        ))}
    </>
  );
}

interface CodingFound extends Found {
  value: unknown;
}

function inOptions(options: readonly Option[], typed: string): CodingFound[] {
  const wanted = foldText(typed);
  return options
    .filter(({ label, value, enabled }) => enabled && foldText(`${label} ${codeOf(value)}`).includes(wanted))
    .slice(0, Number(FOUND_AT_ONCE))
    .map(({ label, value }) => ({ code: codeOf(value), label, value }));
}

async function inValueSet(url: string, typed: string, signal: AbortSignal): Promise<CodingFound[]> {
  const asked = new URLSearchParams({ url, filter: typed, count: FOUND_AT_ONCE });
  const found = await api.get<ValueSet>(`/fhir/ValueSet/$expand?${asked}`, { signal });
  return (found.expansion?.contains ?? []).map(({ system, code, display }) => ({
    code: code ?? '',
    label: display ?? code ?? '',
    value: { system, code, display },
  }));
}

/** Words that are not among the offered: "Khác". */
function OwnWords(props: OfferedProps) {
  const { state, face, options } = props;
  const given = state.values.find((value) => typeof value === 'string' && indexOf(options, value) === '-1');
  const [text, setText] = useState(typeof given === 'string' ? given : '');
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a new value from outside replaces the text
  useLayoutEffect(() => {
    if (typeof given === 'string' && given !== text) setText(given);
    if (given === undefined && text.trim() !== '') setText('');
  }, [given]);
  const put = (next: string) => {
    setText(next);
    const words = next.trim() === '' ? [] : [next];
    props.onChange(face.repeats ? [...state.values.filter((value) => value !== given), ...words] : words);
  };
  return (
    <TextField
      label={face.openLabel ?? t('forms.other', 'Khác (ghi rõ)')}
      readOnly={props.readOnly}
      value={text}
      onChange={put}
      width={props.bare ? undefined : 360}
    />
  );
}

const codeOf = (value: unknown) => (value as Coding | undefined)?.code ?? String(value);

/** The same answer: a Coding by system and code, anything else by what it says. */
export function isSame(a: unknown, b: unknown): boolean {
  const [one, other] = [a as Coding, b as Coding];
  if (one?.code !== undefined && other?.code !== undefined)
    return one.code === other.code && (one.system ?? '') === (other.system ?? '');
  return JSON.stringify(a) === JSON.stringify(b);
}
