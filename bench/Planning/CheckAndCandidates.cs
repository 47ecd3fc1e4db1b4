using System.Diagnostics;
using ChargeCars.Bench.Running;
using ChargeCars.Planning;
using ChargeCars.Planning.Routes;
using Microsoft.Extensions.Options;

namespace ChargeCars.Bench;

/// <summary>What a drag and the list of candidates cost on a busy day: the evaluator with its travel times, without reading rows.</summary>
internal sealed class CheckAndCandidates : IBenchmark
{
    private const int Vans = 20;
    private const int VisitsEach = 5;

    public string Name => "planning";

    public async Task<IReadOnlyList<Measurement>> RunAsync(BenchRun run)
    {
        var day = new DutchDay(Vans, VisitsEach, seed: 20260304);
        var planner = new RoutePlanner(new StraightLineTravelTimes(Options.Create(new TravelOptions())), Options.Create(new PlanningOptions()));
        var random = new Random(1);
        var check = await MeasureAsync(run, async () =>
        {
            var visit = day.Visits[random.Next(day.Visits.Count)];
            var start = DutchDay.At(8, 0).AddMinutes(random.Next(0, 500));
            var answer = await planner.CheckAsync(
                visit with { Planned = new(start, start + visit.Planned!.Value.Duration) }, day.Crews[random.Next(Vans)], day.Visits, CancellationToken.None);
            return answer.Violations.Count;
        });
        var candidates = await MeasureAsync(run, async () =>
        {
            var found = await planner.CandidatesAsync(
                DutchDay.Unplanned(random, 1), day.Crews, day.Visits, DutchDay.At(7, 0), CancellationToken.None);
            return found.Count;
        });
        return [Row("check of one visit", check, 5), Row("candidates for one visit", candidates, 20)];
    }

    private static async Task<List<double>> MeasureAsync(BenchRun run, Func<Task<int>> question)
    {
        var milliseconds = new List<double>();
        var answered = 0;
        for (var (total, last) = (Stopwatch.StartNew(), TimeSpan.Zero); total.Elapsed < run.WarmUp + run.Measured; last = total.Elapsed)
        {
            var watch = Stopwatch.StartNew();
            answered += await question();
            if (last > run.WarmUp)
            {
                milliseconds.Add(watch.Elapsed.TotalMilliseconds);
            }
        }

        return answered > 0 ? milliseconds : throw new InvalidOperationException("No question had an answer.");
    }

    private static Measurement Row(string work, List<double> milliseconds, double aim)
    {
        var latency = Percentiles.Of(milliseconds);
        return new()
        {
            Work = $"{work}, {Vans} vans and {Vans * VisitsEach} visits", Result = $"{latency.P50:0.000} ms", Latency = latency,
            Aim = $"p99 under {aim:0} ms", Met = latency.P99 < aim,
            Note = $"{milliseconds.Count:N0} questions, one after the other, on one thread: the evaluator and its travel times, in memory.",
        };
    }
}
