import { Button, type ListRead, NextPageFailed, Row, t } from '../../../web/ui/index.ts';

/** Beneath a table: the next page when it is asked for, or why it cannot be read. */
export function MoreRows({ list }: { list: ListRead<unknown> }) {
  if (list.nextFailed) return <NextPageFailed nextFailed={list.nextFailed} />;
  if (!list.more) return null;
  return (
    <Row gap={8}>
      <Button small onPress={list.more}>
        {t('stock.more', 'Xem thêm')}
      </Button>
    </Row>
  );
}
