// What alerts.rtfs must write, computed without it: dotnet run samples/iot/expected.cs
using System.Runtime.CompilerServices;

static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
(string Id, int Column, string Unit, double High, double Elevated)[] sensors =
    [("temp-01", 2, "°C", 22.0, 18.0), ("baro-01", 1, "hPa", 1018.6, 1018.2), ("wind-01", 3, "m/s", 4.4, 4.1)];
foreach (var cells in File.ReadLines(Path.Combine(Here(), "seattle-weather-hourly-normals.csv")).Skip(1).Select(row => row.Split(',')))
    foreach (var sensor in sensors)
        if (double.Parse(cells[sensor.Column]) is var value && value > sensor.Elevated)
            Console.WriteLine($$"""{"sensor-id":"{{sensor.Id}}","timestamp":"{{cells[0]}}Z","value":{{value:0.0}},"unit":"{{sensor.Unit}}","severity":"{{(value > sensor.High ? "high" : "medium")}}"}""");
