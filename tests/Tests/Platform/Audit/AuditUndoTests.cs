using System.Text.Json.Nodes;
using ChargeCars.Platform.Entities;

namespace ChargeCars.Tests.Platform.Audit;

/// <summary>A row taken back by what the audit says of it.</summary>
public sealed class AuditUndoTests
{
    [Fact]
    public void Undo_OfAColumnThatTheAuditDoesNotRepeat_LeavesWhatStandsThere()
    {
        var row = JsonNode.Parse("""{"status":"completed","evidence":{"isDone":true},"body_text":"new","note":"x"}""")!.AsObject();

        AuditEntry.Undo(row, """{"status":"ringing","evidence":"(secret)","body_text":null,"note":null}""");

        Assert.Equal("""{"status":"ringing","evidence":{"isDone":true},"body_text":null,"note":null}""", row.ToJsonString());
    }
}
