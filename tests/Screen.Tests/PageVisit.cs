using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace ChargeCars.Screen.Tests;

/// <summary>A page that is watched from its first request: what its policy stops, and whom else it speaks to.</summary>
internal sealed class PageVisit : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly ConcurrentQueue<string> _faults = new();

    public PageVisit(IBrowserContext context, IPage page, Uri host)
    {
        (_context, Page) = (context, page);
        page.Console += (_, message) =>
        {
            // A refusal by the policy is told there.
            if (message.Type == "error")
            {
                _faults.Enqueue(message.Text);
            }
        };
        page.PageError += (_, fault) => _faults.Enqueue(fault);
        page.Request += (_, request) =>
        {
            if (new Uri(request.Url) is var url && url.Scheme is "http" or "https" && url.Authority != host.Authority)
            {
                _faults.Enqueue($"asks {request.Url}");
            }
        };
    }

    public IPage Page { get; }

    public IReadOnlyCollection<string> Faults => _faults;

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();
}
