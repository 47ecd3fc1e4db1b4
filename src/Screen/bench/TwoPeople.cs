using Microsoft.Playwright;

namespace ChargeCars.Screen.Bench;

/// <summary>Two people with the same day before them, each with a browser of their own: one moves a visit, the other sees it.</summary>
internal static class TwoPeople
{
    // From the key that puts it down to the first frame in which the other page has it; both read the machine's own clock.
    private const string Puts =
        """
        ({ visit }) => new Promise(done => {
          addEventListener('keydown', function put(event) {
            if (event.key === 'Enter') {
              removeEventListener('keydown', put, true);
              done(Date.now());
            }
          }, true);
          document.querySelector(`.slot[data-visit='${visit}']`).focus();
        })
        """;

    private const string Sees =
        """
        ({ visit, was }) => new Promise(done => {
          const text = () => document.querySelector(`[data-visit='${visit}']`)?.getAttribute('aria-label') ?? document.querySelector(`[data-visit='${visit}']`)?.textContent;
          const look = () => text() && text() !== was ? done(Date.now()) : requestAnimationFrame(look);
          look();
        })
        """;

    private const string Reads =
        "visit => document.querySelector(`[data-visit='${visit}']`)?.getAttribute('aria-label') ?? document.querySelector(`[data-visit='${visit}']`).textContent";

    /// <summary>Moves these visits in turn, and answers how long the other waited each time, milliseconds.</summary>
    /// <param name="mover">Has the day before them, in which the visits are.</param>
    /// <param name="watcher">Has them before them too, in the day or on the board.</param>
    /// <param name="visits">The visits, of which all are in sight.</param>
    public static async Task<double[]> MeasureAsync(IPage mover, IPage watcher, IReadOnlyList<Guid> visits)
    {
        var waits = new double[visits.Count];
        for (var i = 0; i < visits.Count; i++)
        {
            var visit = $"{visits[i]}";
            var was = await watcher.EvaluateAsync<string>(Reads, visit);
            var put = mover.EvaluateAsync<double>(Puts, new { visit });
            await mover.Locator($".slot[data-visit='{visit}']:focus").WaitForAsync();
            await mover.Keyboard.PressAsync("Space");
            await mover.Keyboard.PressAsync("Shift+ArrowRight");
            var seen = watcher.EvaluateAsync<double>(Sees, new { visit, was });
            await mover.Keyboard.PressAsync("Enter");
            waits[i] = await seen - await put;
            await mover.Locator("#notice:not([hidden])").WaitForAsync();
            await mover.Locator("#notice button").Last.ClickAsync();
        }

        return waits;
    }
}
