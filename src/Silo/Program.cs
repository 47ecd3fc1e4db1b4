// Composed in the commits that follow.
Console.WriteLine("ChargeCars");
