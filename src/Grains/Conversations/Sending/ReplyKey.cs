using ChargeCars.Platform.Secrets;

namespace ChargeCars.Conversations.Sending;

/// <summary>The key by which the addresses that we ask answers to prove themselves; it follows from the master key.</summary>
internal sealed class ReplyKey(MasterKey master)
{
    /// <summary>The key.</summary>
    public byte[] Bytes { get; } = Convert.FromHexString(master.Derive("reply address"));
}
