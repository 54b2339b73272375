print("shardcheck")
