use commitsim_report::*;
fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let (out, files) = args.split_first().unwrap();
    let limit = std::env::var("LIMIT").ok().and_then(|l| l.parse().ok()).unwrap_or(1000);
    let from_ns = std::env::var("FROM").ok().and_then(|l| l.parse().ok()).unwrap_or(0);
    let read: Vec<(TraceHead, Excerpt)> = files
        .iter()
        .map(|f| {
            let text = std::fs::read_to_string(f).unwrap();
            let mut lines = text.lines();
            let head = TraceHead::read(lines.next().unwrap()).unwrap();
            let mut e = Excerpt::new(Selection { limit, from_ns, ..Selection::ALL });
            for l in lines {
                e.see(Observation::read(l).unwrap());
            }
            (head, e)
        })
        .collect();
    let runs: Vec<_> = read.iter().map(|(h, e)| (h, e)).collect();
    let sheet = space_time(&runs);
    std::fs::write(format!("{out}.svg"), sheet.svg()).unwrap();
    std::fs::write(format!("{out}.png"), commitsim_charts::sheet_png(&sheet).unwrap()).unwrap();
}
