/** ICD-10 diagnoses: the first is the main one. Typed without marks, chosen from the list, judged at once. */

import { IconChevronUp, IconX } from '../../../../web/ui/icons.ts';
import {
  api,
  Badge,
  Button,
  CodeSearch,
  type Found,
  language,
  Notice,
  Panel,
  Stack,
  Table,
  Text,
  t,
  useConnection,
} from '../../../../web/ui/index.ts';
import type { DiagnosisInput, Warning } from '../../contract.ts';

interface Disease extends Found {
  mainAllowed: boolean;
}

interface ConceptLine {
  code: string;
  display: string;
  note?: string;
  properties: Record<string, string>;
}

async function searchDiseases(typed: string, signal: AbortSignal): Promise<Disease[]> {
  const path = `/api/terminology/icd-10/search?limit=20&q=${encodeURIComponent(typed)}`;
  const found = await api.get<ConceptLine[]>(path, { signal });
  return found.map((one) => ({
    code: one.code,
    label: one.display,
    mainAllowed: one.properties.not_principal !== '1',
    note: one.properties.not_principal === '1' ? t('clinic.icd.not-main', 'không làm bệnh chính') : one.note,
  }));
}

export function Diagnoses(props: {
  diagnoses: readonly DiagnosisInput[];
  names: Readonly<Record<string, string>>;
  warnings: readonly Warning[];
  faults: Readonly<Record<string, string>>;
  readOnly: boolean;
  onChange: (diagnoses: DiagnosisInput[], names?: Record<string, string>) => void;
}) {
  const { diagnoses } = props;
  const add = (found: Disease) => {
    if (diagnoses.some((one) => one.code === found.code)) return;
    const next: DiagnosisInput = { code: found.code, status: 'confirmed' };
    props.onChange([...diagnoses, next], { [found.code]: found.label });
  };
  const problems = diagnoses.flatMap((_, index) => props.faults[`diagnoses[${index}].code`] ?? []);
  return (
    <Panel title={t('clinic.diagnoses', 'Chẩn đoán')}>
      <Stack gap={12}>
        {diagnoses.length > 0 && <DiagnosisTable {...props} />}
        {problems.map((text) => (
          <Notice key={text} tone="danger" title={text} />
        ))}
        {props.faults.diagnoses && <Notice tone="danger" title={props.faults.diagnoses} />}
        {props.warnings.map((warning) => (
          <Notice
            key={warning.text}
            tone="look"
            title={language() === 'en' ? warning.textEn : warning.text}
          />
        ))}
        {!props.readOnly && <Search empty={diagnoses.length === 0} onChoose={add} />}
      </Stack>
    </Panel>
  );
}

function Search(props: { empty: boolean; onChoose: (found: Disease) => void }) {
  const lost = useConnection() === 'lost';
  return (
    <CodeSearch
      label={
        props.empty
          ? t('clinic.icd.main', 'Bệnh chính (ICD-10)')
          : t('clinic.icd.more', 'Thêm bệnh kèm theo (ICD-10)')
      }
      name="diagnosis"
      search={searchDiseases}
      onChoose={props.onChoose}
      placeholder={t('clinic.icd.hint', 'Gõ tên bệnh không cần dấu, hoặc mã')}
      hint={
        lost
          ? t('clinic.icd.offline', 'Đang mất mạng: tìm được khi có mạng lại, phần đã gõ vẫn còn.')
          : undefined
      }
    />
  );
}

type TableProps = Parameters<typeof Diagnoses>[0];

function DiagnosisTable(props: TableProps) {
  const { diagnoses, readOnly } = props;
  const change = (next: DiagnosisInput[]) => props.onChange(next);
  const without = (code: string) => diagnoses.filter((one) => one.code !== code);
  const acts = (one: DiagnosisInput, index: number) => (
    <>
      {index > 0 && (
        <Button
          kind="quiet"
          small
          icon={<IconChevronUp size={16} />}
          label={t('clinic.icd.make-main', 'Đưa {code} làm bệnh chính', { code: one.code })}
          onPress={() => change([one, ...without(one.code)])}
        />
      )}
      <Button
        kind="quiet"
        small
        icon={<IconX size={16} />}
        label={t('clinic.icd.remove', 'Bỏ {code}', { code: one.code })}
        onPress={() => change(without(one.code))}
      />
    </>
  );
  const toggle = (code: string) =>
    change(
      diagnoses.map((one) =>
        one.code === code
          ? { ...one, status: one.status === 'confirmed' ? 'provisional' : 'confirmed' }
          : one,
      ),
    );
  return (
    <Table
      label={t('clinic.diagnoses', 'Chẩn đoán')}
      rows={diagnoses}
      rowKey={(one) => one.code}
      columns={[
        { key: 'rank', title: '', width: 96, narrow: 4, draw: (_, index) => <Rank main={index === 0} /> },
        {
          key: 'code',
          title: t('clinic.icd.code', 'Mã'),
          width: 72,
          narrow: 8,
          draw: (one) => <Text strong>{one.code}</Text>,
        },
        {
          key: 'name',
          title: t('clinic.icd.name', 'Tên bệnh'),
          narrow: 12,
          draw: (one) => props.names[one.code] ?? '',
        },
        {
          key: 'status',
          title: t('clinic.icd.status', 'Mức chắc chắn'),
          width: 150,
          narrow: 8,
          draw: (one) => (
            <Button kind="quiet" small disabled={readOnly} onPress={() => toggle(one.code)}>
              {one.status === 'confirmed'
                ? t('clinic.icd.confirmed', 'xác định')
                : t('clinic.icd.provisional', 'nghi ngờ')}
            </Button>
          ),
        },
        { key: 'acts', title: '', width: 84, narrow: 4, align: 'right', draw: readOnly ? () => null : acts },
      ]}
    />
  );
}

function Rank(props: { main: boolean }) {
  return props.main ? (
    <Badge tone="brand">{t('clinic.icd.is-main', 'Chính')}</Badge>
  ) : (
    <Badge>{t('clinic.icd.is-other', 'Kèm theo')}</Badge>
  );
}
