import {
  BarChart,
  ColumnChart,
  Columns,
  Grid,
  Page,
  Panel,
  Sparkline,
  StatTile,
} from '../../../web/ui/index.ts';

const hours = Array.from({ length: 12 }, (_, index) => ({
  label: `${index + 6}:00`,
  value: (index * 37) % 190,
}));

export function WallPage() {
  return (
    <Page title="Toàn tỉnh hôm nay">
      <Grid min={300} gap={16}>
        <StatTile
          big
          label="Lượt khám"
          value="12.480"
          source="136 trạm, 15 bệnh viện"
          readAt={Date.now() - 400_000}
          trend={<Sparkline values={[3, 5, 4, 8, 9]} label="Tăng" />}
        />
        <StatTile big label="Đang chờ" value="1.204" source="Hàng chờ" tone="look" readAt={Date.now()} />
        <StatTile
          big
          label="Bệnh phải báo"
          value="3"
          source="Giám sát"
          tone="danger"
          onOpen={() => undefined}
        />
        <StatTile big label="Chưa nối" value="0" source="Kết nối" />
      </Grid>
      <Columns widths={['1fr', '1fr']}>
        <Panel title="Chẩn đoán nhiều nhất">
          <BarChart
            label="Chẩn đoán nhiều nhất"
            bars={[
              { label: 'Tăng huyết áp vô căn (nguyên phát)', value: 1820 },
              { label: 'Viêm họng cấp', value: 960 },
              { label: 'Sốt xuất huyết Dengue', value: 14, tone: 'danger' },
            ]}
          />
        </Panel>
        <Panel title="Theo giờ">
          <ColumnChart label="Lượt khám theo giờ" columns={hours} />
        </Panel>
      </Columns>
    </Page>
  );
}
