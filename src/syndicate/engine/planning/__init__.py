"""What a run would do, decided without rendering or sending anything."""
