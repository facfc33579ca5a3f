/** One file beside the list: faults that say what to do, the tables as they will be sent, the file itself. */

import { type ReactNode, useState } from 'react';
import {
  Badge,
  ButtonLink,
  CheckBox,
  Facts,
  FileLink,
  formatDate,
  formatMoney,
  Loaded,
  Notice,
  Row,
  Stack,
  Tabs,
  Text,
  t,
  useMe,
  useQuery,
  useUrlState,
  Workspace,
} from '../../../../web/ui/index.ts';
import type { Fault } from '../../claims/fault.ts';
import type { ClaimDetail } from '../../claims/overview.ts';

export function ClaimPanel(props: { encounter: string; onClose: () => void }) {
  const path = `/api/insurance/claims/${encodeURIComponent(props.encounter)}`;
  const claim = useQuery<ClaimDetail>(['claims', 'one', props.encounter], path);
  return (
    <Workspace
      title={claim.data?.patientName ?? t('claims.file', 'Hồ sơ')}
      onClose={props.onClose}
      acts={
        <Row wrap>
          {claim.data?.state !== 'open' && (
            <FileLink href={`${path}/file.xml`} kind="primary">
              {t('claims.download', 'Tải tệp XML')}
            </FileLink>
          )}
          {claim.data?.total !== null && (
            <FileLink
              href={`/api/documents/encounters/${encodeURIComponent(props.encounter)}/statement.pdf`}
              save={false}
            >
              {t('claims.statement', 'Bảng kê chi phí')}
            </FileLink>
          )}
        </Row>
      }
    >
      <Loaded read={claim}>{(file) => <ClaimBody file={file} />}</Loaded>
    </Workspace>
  );
}

function ClaimBody({ file }: { file: ClaimDetail }) {
  const [tab, setTab] = useUrlState('bang', 'faults');
  const tabs = [
    {
      key: 'faults',
      label: t('claims.faults', 'Cần sửa'),
      beside: countBadge(file.faults.length, file.state === 'errors'),
    },
    ...file.tables.map((table) => ({
      key: table.name,
      label: table.name,
      beside: countBadge(faultsIn(file, table.name), true),
    })),
  ];
  const known = tabs.some((each) => each.key === tab) ? tab : 'faults';
  return (
    <Stack gap={12}>
      <Text size={12} tone="soft">
        {file.episode} · {file.release}
      </Text>
      {file.total !== null && (
        <Text>
          {t('claims.shares', 'Tổng {total}: quỹ {fund}, người bệnh {patient}', {
            total: formatMoney(file.total),
            fund: formatMoney(file.insurer ?? 0),
            patient: formatMoney(file.patientPays ?? 0),
          })}
        </Text>
      )}
      <Tabs label={t('claims.tables', 'Phần của hồ sơ')} tabs={tabs} value={known} onChange={setTab}>
        {known === 'faults' ? <Faults file={file} /> : <TableView file={file} name={known} />}
      </Tabs>
    </Stack>
  );
}

function countBadge(count: number, serious: boolean): ReactNode {
  return count > 0 && <Badge tone={serious ? 'danger' : 'look'}>{String(count)}</Badge>;
}

function faultsIn(file: ClaimDetail, table: string): number {
  return file.faults.filter((fault) => fault.table === table && fault.severity === 'error').length;
}

function Faults({ file }: { file: ClaimDetail }) {
  const me = useMe();
  if (file.state === 'open') {
    return (
      <Notice tone="info" title={t('claims.still-open', 'Lượt khám chưa kết thúc')}>
        {t('claims.still-open-what', 'Hồ sơ được kiểm tra đầy đủ khi bác sĩ kết thúc khám.')}
      </Notice>
    );
  }
  if (file.faults.length === 0) {
    return (
      <Notice tone="done" title={t('claims.clean', 'Không thấy lỗi')}>
        {t('claims.clean-what', 'Các bảng đủ trường, đúng danh mục và cộng khớp đến đồng.')}
      </Notice>
    );
  }
  return (
    <Stack gap={8}>
      {grouped(file.faults).map((group) => (
        <Notice
          key={group.key}
          tone={group.first.severity === 'error' ? 'danger' : 'look'}
          title={placeOf(group.faults)}
        >
          <Stack gap={4}>
            <Text>{group.first.text}</Text>
            <Text size={12} tone="soft">
              {group.first.basis}
            </Text>
          </Stack>
        </Notice>
      ))}
      {file.patient && me.roles.includes('station-head') && (
        <ButtonLink to={`/ho-so/${encodeURIComponent(file.patient)}`}>
          {t('claims.record', 'Mở hồ sơ người bệnh')}
        </ButtonLink>
      )}
    </Stack>
  );
}

/** The same sentence about several rows is said once, with the rows it concerns. */
function grouped(faults: readonly Fault[]): { key: string; first: Fault; faults: Fault[] }[] {
  const groups = Map.groupBy(faults, (fault) => `${fault.severity}|${fault.text}`);
  return [...groups].map(([key, members]) => ({ key, first: members[0]!, faults: members }));
}

function placeOf(faults: readonly Fault[]): string {
  return faults
    .map((fault) =>
      fault.row === null
        ? fault.table
        : t('claims.row-of', '{table} dòng {row}', { table: fault.table, row: fault.row }),
    )
    .join(', ');
}

function TableView({ file, name }: { file: ClaimDetail; name: string }) {
  const [all, setAll] = useState(false);
  const table = file.tables.find((each) => each.name === name);
  if (!table) return null;
  return (
    <Stack gap={12}>
      <Row spread>
        <Text strong>{table.label}</Text>
        <CheckBox label={t('claims.empty-too', 'Hiện cả trường trống')} checked={all} onChange={setAll} />
      </Row>
      {table.rows.map((row, at) => (
        <section key={row.STT || String(at)} aria-label={t('claims.row', 'Dòng {row}', { row: at + 1 })}>
          {table.rows.length > 1 && <Text strong>{t('claims.row', 'Dòng {row}', { row: at + 1 })}</Text>}
          <Facts items={fieldsOf(file, table, at, all)} />
        </section>
      ))}
    </Stack>
  );
}

/** Filled fields and those with a fault, or all of them; a faulty value says so by word and colour. */
function fieldsOf(file: ClaimDetail, table: ClaimDetail['tables'][number], at: number, all: boolean) {
  const row = table.rows[at] ?? {};
  const faults = file.faults.filter(
    (fault) => fault.table === table.name && (fault.row === null || fault.row === at + 1),
  );
  return table.fields.flatMap((field): [string, ReactNode][] => {
    const fault = faults.find((each) => each.field === field.name);
    const value = row[field.name] ?? '';
    if (!all && value === '' && !fault) return [];
    return [[`${field.label} (${field.name})`, <FieldValue key={field.name} value={value} fault={fault} />]];
  });
}

function FieldValue({ value, fault }: { value: string; fault: Fault | undefined }) {
  const shown = shownValue(value) || '–';
  if (!fault) return <>{shown}</>;
  const tone = fault.severity === 'error' ? 'danger' : 'look';
  return (
    <Row>
      <Text title={fault.text}>{shown}</Text>
      <Badge tone={tone}>{tone === 'danger' ? t('claims.fault', 'lỗi') : t('claims.look', 'xem')}</Badge>
    </Row>
  );
}

/** Times are easier to read apart; everything else stands as it will be sent. */
function shownValue(value: string): string {
  const time = /^((?:19|20)\d{2})(\d{2})(\d{2})(\d{2})(\d{2})$/.exec(value);
  if (!time) return value;
  const [, year, month, day, hour, minute] = time;
  return month === '00' ? value : `${value} (${hour}:${minute} ${formatDate(`${year}-${month}-${day}`)})`;
}
