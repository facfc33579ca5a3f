/** Mother and children, each a step away; nothing where the record names nobody. */
import { formatDate, Link, Loaded, Panel, Row, Stack, Text, t, useQuery } from '../../../web/ui/index.ts';
import type { Relative } from '../relatives.ts';

export function Relatives({ patient }: { patient: string }) {
  const read = useQuery<{ rows: Relative[] }>(
    ['record', patient, 'relatives'],
    `/api/record/${encodeURIComponent(patient)}/relatives`,
  );
  if (read.error) return <Loaded read={read}>{() => null}</Loaded>;
  const rows = read.data?.rows ?? [];
  if (rows.length === 0) return null;
  return (
    <Panel title={t('record.relatives', 'Người thân')}>
      <Stack gap={4}>
        {rows.map((one) => (
          <Row key={`${one.isTheirs} ${one.patient} ${one.name}`} gap={8} wrap>
            {one.patient ? (
              <Link to={`/ho-so/${encodeURIComponent(one.patient)}`}>{wordsOf(one)}</Link>
            ) : (
              <Text>{wordsOf(one)}</Text>
            )}
            {one.birthDate && (
              <Text size={13} tone="soft">
                {formatDate(one.birthDate)}
              </Text>
            )}
          </Row>
        ))}
      </Stack>
    </Panel>
  );
}

const wordsOf = ({ relation, name, isTheirs }: Relative) =>
  isTheirs ? `${relation}: ${name}` : t('record.relative.of', '{relation} của {name}', { relation, name });
