/** What the card says and the record does not, with the one key that brings the record to the card. */
import { api, Button, Notice, refresh, Table, t, toast, useMutation } from '../../../../web/ui/index.ts';
import type { PersonLine, Resolution } from '../../../people/index.ts';
import { words } from './entitlement-panel.tsx';

type Differing = Resolution['differences'][number];

export function Differences(props: {
  person: PersonLine;
  differences: readonly Differing[];
  /** The scan the differences came from. */
  scan: string;
  onApplied: () => void;
}) {
  const { person } = props;
  const fields = props.differences.filter((each) => each.applicable).map((each) => each.field);
  const apply = useMutation(
    () =>
      api.post(`/api/people/${person.id}/card`, { scan: props.scan, fields }, { ifMatch: person.version }),
    {
      onDone: () => {
        void refresh(['person', person.id]);
        toast(
          t(
            'reception.differences.applied',
            'Đã cập nhật hồ sơ theo thẻ. Thông tin cũ vẫn giữ trong lịch sử.',
          ),
        );
        props.onApplied();
      },
    },
  );
  if (props.differences.length === 0) return null;
  return (
    <Notice
      tone="look"
      title={t('reception.differences', 'Thẻ và hồ sơ khác nhau')}
      acts={
        fields.length > 0 && (
          <Button
            keys="Alt+U"
            busy={apply.busy}
            onPress={() => void apply.run(undefined).catch(() => undefined)}
          >
            {t('reception.differences.apply', 'Cập nhật theo thẻ')}
          </Button>
        )
      }
    >
      <Table
        label={t('reception.differences', 'Thẻ và hồ sơ khác nhau')}
        columns={[
          { key: 'field', title: t('reception.differences.field', 'Mục'), draw: (row) => words(row.label) },
          { key: 'card', title: t('reception.differences.card', 'Trên thẻ'), draw: (row) => row.card },
          {
            key: 'record',
            title: t('reception.differences.record', 'Trong hồ sơ'),
            draw: (row) => row.record || '–',
          },
        ]}
        rows={props.differences}
        rowKey={(row) => row.field}
      />
      {apply.error && <div role="alert">{apply.error.message}</div>}
    </Notice>
  );
}
